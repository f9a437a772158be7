<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis hasScaleBasedVisibilityFlag="0" maxScale="0" simplifyLocal="1" simplifyDrawingTol="1" simplifyMaxScale="1" styleCategories="AllStyleCategories" symbologyReferenceScale="-1" simplifyDrawingHints="1" minScale="100000000" labelsEnabled="0" simplifyAlgorithm="0" version="3.22.16-Białowieża" readOnly="0">
  <flags>
    <Identifiable>1</Identifiable>
    <Removable>1</Removable>
    <Searchable>1</Searchable>
    <Private>0</Private>
  </flags>
  <temporal limitMode="0" endExpression="" fixedDuration="0" startField="start_date" enabled="0" mode="2" startExpression="" accumulate="0" durationUnit="min" endField="end_date" durationField="">
    <fixedRange>
      <start></start>
      <end></end>
    </fixedRange>
  </temporal>
  <renderer-v2 type="singleSymbol" forceraster="0" enableorderby="0" symbollevels="0" referencescale="-1">
    <symbols>
      <symbol force_rhr="0" type="fill" name="0" clip_to_extent="1" alpha="1">
        <data_defined_properties>
          <Option type="Map">
            <Option type="QString" name="name" value=""/>
            <Option name="properties"/>
            <Option type="QString" name="type" value="collection"/>
          </Option>
        </data_defined_properties>
        <layer enabled="1" locked="0" class="SimpleFill" pass="0">
          <Option type="Map">
            <Option type="QString" name="border_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="color" value="83,156,204,255"/>
            <Option type="QString" name="joinstyle" value="bevel"/>
            <Option type="QString" name="offset" value="0,0"/>
            <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="offset_unit" value="MM"/>
            <Option type="QString" name="outline_color" value="35,35,35,255"/>
            <Option type="QString" name="outline_style" value="solid"/>
            <Option type="QString" name="outline_width" value="0.26"/>
            <Option type="QString" name="outline_width_unit" value="MM"/>
            <Option type="QString" name="style" value="solid"/>
          </Option>
          <prop k="border_width_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="color" v="83,156,204,255"/>
          <prop k="joinstyle" v="bevel"/>
          <prop k="offset" v="0,0"/>
          <prop k="offset_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="offset_unit" v="MM"/>
          <prop k="outline_color" v="35,35,35,255"/>
          <prop k="outline_style" v="solid"/>
          <prop k="outline_width" v="0.26"/>
          <prop k="outline_width_unit" v="MM"/>
          <prop k="style" v="solid"/>
          <data_defined_properties>
            <Option type="Map">
              <Option type="QString" name="name" value=""/>
              <Option name="properties"/>
              <Option type="QString" name="type" value="collection"/>
            </Option>
          </data_defined_properties>
        </layer>
      </symbol>
    </symbols>
    <rotation/>
    <sizescale/>
  </renderer-v2>
  <customproperties>
    <Option/>
  </customproperties>
  <blendMode>0</blendMode>
  <featureBlendMode>0</featureBlendMode>
  <layerOpacity>1</layerOpacity>
  <geometryOptions removeDuplicateNodes="0" geometryPrecision="0">
    <activeChecks type="StringList">
      <Option type="QString" value=""/>
    </activeChecks>
    <checkConfiguration/>
  </geometryOptions>
  <legend type="default-vector" showLabelLegend="0"/>
  <referencedLayers/>
  <fieldConfiguration>
    <field name="id" configurationFlags="None">
      <editWidget type="">
        <config>
          <Option/>
        </config>
      </editWidget>
    </field>
    <field name="area_id" configurationFlags="None">
      <editWidget type="">
        <config>
          <Option/>
        </config>
      </editWidget>
    </field>
    <field name="name" configurationFlags="None">
      <editWidget type="">
        <config>
          <Option/>
        </config>
      </editWidget>
    </field>
    <field name="municipality" configurationFlags="None">
      <editWidget type="">
        <config>
          <Option/>
        </config>
      </editWidget>
    </field>
    <field name="ags" configurationFlags="None">
      <editWidget type="">
        <config>
          <Option/>
        </config>
      </editWidget>
    </field>
    <field name="municipalities" configurationFlags="None">
      <editWidget type="">
        <config>
          <Option/>
        </config>
      </editWidget>
    </field>
    <field name="ags_all" configurationFlags="None">
      <editWidget type="">
        <config>
          <Option/>
        </config>
      </editWidget>
    </field>
    <field name="district" configurationFlags="None">
      <editWidget type="">
        <config>
          <Option/>
        </config>
      </editWidget>
    </field>
    <field name="government_region" configurationFlags="None">
      <editWidget type="">
        <config>
          <Option/>
        </config>
      </editWidget>
    </field>
    <field name="status" configurationFlags="None">
      <editWidget type="">
        <config>
          <Option/>
        </config>
      </editWidget>
    </field>
    <field name="status_de" configurationFlags="None">
      <editWidget type="">
        <config>
          <Option/>
        </config>
      </editWidget>
    </field>
    <field name="status_en" configurationFlags="None">
      <editWidget type="">
        <config>
          <Option/>
        </config>
      </editWidget>
    </field>
    <field name="stage" configurationFlags="None">
      <editWidget type="">
        <config>
          <Option/>
        </config>
      </editWidget>
    </field>
    <field name="programme" configurationFlags="None">
      <editWidget type="">
        <config>
          <Option/>
        </config>
      </editWidget>
    </field>
    <field name="programmes" configurationFlags="None">
      <editWidget type="">
        <config>
          <Option/>
        </config>
      </editWidget>
    </field>
    <field name="start_date" configurationFlags="None">
      <editWidget type="">
        <config>
          <Option/>
        </config>
      </editWidget>
    </field>
    <field name="end_date" configurationFlags="None">
      <editWidget type="">
        <config>
          <Option/>
        </config>
      </editWidget>
    </field>
    <field name="start_year" configurationFlags="None">
      <editWidget type="">
        <config>
          <Option/>
        </config>
      </editWidget>
    </field>
    <field name="end_year" configurationFlags="None">
      <editWidget type="">
        <config>
          <Option/>
        </config>
      </editWidget>
    </field>
    <field name="resolution_date" configurationFlags="None">
      <editWidget type="">
        <config>
          <Option/>
        </config>
      </editWidget>
    </field>
    <field name="concept" configurationFlags="None">
      <editWidget type="">
        <config>
          <Option/>
        </config>
      </editWidget>
    </field>
    <field name="concept_url" configurationFlags="None">
      <editWidget type="">
        <config>
          <Option/>
        </config>
      </editWidget>
    </field>
    <field name="area_ha" configurationFlags="None">
      <editWidget type="">
        <config>
          <Option/>
        </config>
      </editWidget>
    </field>
    <field name="population" configurationFlags="None">
      <editWidget type="">
        <config>
          <Option/>
        </config>
      </editWidget>
    </field>
    <field name="geom_basis" configurationFlags="None">
      <editWidget type="">
        <config>
          <Option/>
        </config>
      </editWidget>
    </field>
    <field name="attr_basis" configurationFlags="None">
      <editWidget type="">
        <config>
          <Option/>
        </config>
      </editWidget>
    </field>
    <field name="geom_source" configurationFlags="None">
      <editWidget type="">
        <config>
          <Option/>
        </config>
      </editWidget>
    </field>
    <field name="licence" configurationFlags="None">
      <editWidget type="">
        <config>
          <Option/>
        </config>
      </editWidget>
    </field>
    <field name="sections" configurationFlags="None">
      <editWidget type="">
        <config>
          <Option/>
        </config>
      </editWidget>
    </field>
    <field name="updated_at" configurationFlags="None">
      <editWidget type="">
        <config>
          <Option/>
        </config>
      </editWidget>
    </field>
    <field name="profile_url" configurationFlags="None">
      <editWidget type="">
        <config>
          <Option/>
        </config>
      </editWidget>
    </field>
  </fieldConfiguration>
  <aliases>
    <alias index="0" field="id" name=""/>
    <alias index="1" field="area_id" name=""/>
    <alias index="2" field="name" name=""/>
    <alias index="3" field="municipality" name=""/>
    <alias index="4" field="ags" name=""/>
    <alias index="5" field="municipalities" name=""/>
    <alias index="6" field="ags_all" name=""/>
    <alias index="7" field="district" name=""/>
    <alias index="8" field="government_region" name=""/>
    <alias index="9" field="status" name=""/>
    <alias index="10" field="status_de" name=""/>
    <alias index="11" field="status_en" name=""/>
    <alias index="12" field="stage" name=""/>
    <alias index="13" field="programme" name=""/>
    <alias index="14" field="programmes" name=""/>
    <alias index="15" field="start_date" name=""/>
    <alias index="16" field="end_date" name=""/>
    <alias index="17" field="start_year" name=""/>
    <alias index="18" field="end_year" name=""/>
    <alias index="19" field="resolution_date" name=""/>
    <alias index="20" field="concept" name=""/>
    <alias index="21" field="concept_url" name=""/>
    <alias index="22" field="area_ha" name=""/>
    <alias index="23" field="population" name=""/>
    <alias index="24" field="geom_basis" name=""/>
    <alias index="25" field="attr_basis" name=""/>
    <alias index="26" field="geom_source" name=""/>
    <alias index="27" field="licence" name=""/>
    <alias index="28" field="sections" name=""/>
    <alias index="29" field="updated_at" name=""/>
    <alias index="30" field="profile_url" name=""/>
  </aliases>
  <defaults>
    <default field="id" applyOnUpdate="0" expression=""/>
    <default field="area_id" applyOnUpdate="0" expression=""/>
    <default field="name" applyOnUpdate="0" expression=""/>
    <default field="municipality" applyOnUpdate="0" expression=""/>
    <default field="ags" applyOnUpdate="0" expression=""/>
    <default field="municipalities" applyOnUpdate="0" expression=""/>
    <default field="ags_all" applyOnUpdate="0" expression=""/>
    <default field="district" applyOnUpdate="0" expression=""/>
    <default field="government_region" applyOnUpdate="0" expression=""/>
    <default field="status" applyOnUpdate="0" expression=""/>
    <default field="status_de" applyOnUpdate="0" expression=""/>
    <default field="status_en" applyOnUpdate="0" expression=""/>
    <default field="stage" applyOnUpdate="0" expression=""/>
    <default field="programme" applyOnUpdate="0" expression=""/>
    <default field="programmes" applyOnUpdate="0" expression=""/>
    <default field="start_date" applyOnUpdate="0" expression=""/>
    <default field="end_date" applyOnUpdate="0" expression=""/>
    <default field="start_year" applyOnUpdate="0" expression=""/>
    <default field="end_year" applyOnUpdate="0" expression=""/>
    <default field="resolution_date" applyOnUpdate="0" expression=""/>
    <default field="concept" applyOnUpdate="0" expression=""/>
    <default field="concept_url" applyOnUpdate="0" expression=""/>
    <default field="area_ha" applyOnUpdate="0" expression=""/>
    <default field="population" applyOnUpdate="0" expression=""/>
    <default field="geom_basis" applyOnUpdate="0" expression=""/>
    <default field="attr_basis" applyOnUpdate="0" expression=""/>
    <default field="geom_source" applyOnUpdate="0" expression=""/>
    <default field="licence" applyOnUpdate="0" expression=""/>
    <default field="sections" applyOnUpdate="0" expression=""/>
    <default field="updated_at" applyOnUpdate="0" expression=""/>
    <default field="profile_url" applyOnUpdate="0" expression=""/>
  </defaults>
  <constraints>
    <constraint exp_strength="0" constraints="0" field="id" unique_strength="0" notnull_strength="0"/>
    <constraint exp_strength="0" constraints="0" field="area_id" unique_strength="0" notnull_strength="0"/>
    <constraint exp_strength="0" constraints="0" field="name" unique_strength="0" notnull_strength="0"/>
    <constraint exp_strength="0" constraints="0" field="municipality" unique_strength="0" notnull_strength="0"/>
    <constraint exp_strength="0" constraints="0" field="ags" unique_strength="0" notnull_strength="0"/>
    <constraint exp_strength="0" constraints="0" field="municipalities" unique_strength="0" notnull_strength="0"/>
    <constraint exp_strength="0" constraints="0" field="ags_all" unique_strength="0" notnull_strength="0"/>
    <constraint exp_strength="0" constraints="0" field="district" unique_strength="0" notnull_strength="0"/>
    <constraint exp_strength="0" constraints="0" field="government_region" unique_strength="0" notnull_strength="0"/>
    <constraint exp_strength="0" constraints="0" field="status" unique_strength="0" notnull_strength="0"/>
    <constraint exp_strength="0" constraints="0" field="status_de" unique_strength="0" notnull_strength="0"/>
    <constraint exp_strength="0" constraints="0" field="status_en" unique_strength="0" notnull_strength="0"/>
    <constraint exp_strength="0" constraints="0" field="stage" unique_strength="0" notnull_strength="0"/>
    <constraint exp_strength="0" constraints="0" field="programme" unique_strength="0" notnull_strength="0"/>
    <constraint exp_strength="0" constraints="0" field="programmes" unique_strength="0" notnull_strength="0"/>
    <constraint exp_strength="0" constraints="0" field="start_date" unique_strength="0" notnull_strength="0"/>
    <constraint exp_strength="0" constraints="0" field="end_date" unique_strength="0" notnull_strength="0"/>
    <constraint exp_strength="0" constraints="0" field="start_year" unique_strength="0" notnull_strength="0"/>
    <constraint exp_strength="0" constraints="0" field="end_year" unique_strength="0" notnull_strength="0"/>
    <constraint exp_strength="0" constraints="0" field="resolution_date" unique_strength="0" notnull_strength="0"/>
    <constraint exp_strength="0" constraints="0" field="concept" unique_strength="0" notnull_strength="0"/>
    <constraint exp_strength="0" constraints="0" field="concept_url" unique_strength="0" notnull_strength="0"/>
    <constraint exp_strength="0" constraints="0" field="area_ha" unique_strength="0" notnull_strength="0"/>
    <constraint exp_strength="0" constraints="0" field="population" unique_strength="0" notnull_strength="0"/>
    <constraint exp_strength="0" constraints="0" field="geom_basis" unique_strength="0" notnull_strength="0"/>
    <constraint exp_strength="0" constraints="0" field="attr_basis" unique_strength="0" notnull_strength="0"/>
    <constraint exp_strength="0" constraints="0" field="geom_source" unique_strength="0" notnull_strength="0"/>
    <constraint exp_strength="0" constraints="0" field="licence" unique_strength="0" notnull_strength="0"/>
    <constraint exp_strength="0" constraints="0" field="sections" unique_strength="0" notnull_strength="0"/>
    <constraint exp_strength="0" constraints="0" field="updated_at" unique_strength="0" notnull_strength="0"/>
    <constraint exp_strength="0" constraints="0" field="profile_url" unique_strength="0" notnull_strength="0"/>
  </constraints>
  <constraintExpressions>
    <constraint field="id" exp="" desc=""/>
    <constraint field="area_id" exp="" desc=""/>
    <constraint field="name" exp="" desc=""/>
    <constraint field="municipality" exp="" desc=""/>
    <constraint field="ags" exp="" desc=""/>
    <constraint field="municipalities" exp="" desc=""/>
    <constraint field="ags_all" exp="" desc=""/>
    <constraint field="district" exp="" desc=""/>
    <constraint field="government_region" exp="" desc=""/>
    <constraint field="status" exp="" desc=""/>
    <constraint field="status_de" exp="" desc=""/>
    <constraint field="status_en" exp="" desc=""/>
    <constraint field="stage" exp="" desc=""/>
    <constraint field="programme" exp="" desc=""/>
    <constraint field="programmes" exp="" desc=""/>
    <constraint field="start_date" exp="" desc=""/>
    <constraint field="end_date" exp="" desc=""/>
    <constraint field="start_year" exp="" desc=""/>
    <constraint field="end_year" exp="" desc=""/>
    <constraint field="resolution_date" exp="" desc=""/>
    <constraint field="concept" exp="" desc=""/>
    <constraint field="concept_url" exp="" desc=""/>
    <constraint field="area_ha" exp="" desc=""/>
    <constraint field="population" exp="" desc=""/>
    <constraint field="geom_basis" exp="" desc=""/>
    <constraint field="attr_basis" exp="" desc=""/>
    <constraint field="geom_source" exp="" desc=""/>
    <constraint field="licence" exp="" desc=""/>
    <constraint field="sections" exp="" desc=""/>
    <constraint field="updated_at" exp="" desc=""/>
    <constraint field="profile_url" exp="" desc=""/>
  </constraintExpressions>
  <expressionfields/>
  <attributeactions/>
  <attributetableconfig sortExpression="" sortOrder="0" actionWidgetStyle="dropDown">
    <columns/>
  </attributetableconfig>
  <conditionalstyles>
    <rowstyles/>
    <fieldstyles/>
  </conditionalstyles>
  <storedexpressions/>
  <editform tolerant="1"></editform>
  <editforminit/>
  <editforminitcodesource>0</editforminitcodesource>
  <editforminitfilepath></editforminitfilepath>
  <editforminitcode><![CDATA[]]></editforminitcode>
  <featformsuppress>0</featformsuppress>
  <editorlayout>generatedlayout</editorlayout>
  <editable/>
  <labelOnTop/>
  <reuseLastValue/>
  <dataDefinedFieldProperties/>
  <widgets/>
  <previewExpression></previewExpression>
  <mapTip></mapTip>
  <layerGeometryType>2</layerGeometryType>
</qgis>
